package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.jenkins.plugins.pymacaron.image.layers.LayerFiles.Directory;
import java.util.Map;

/**
 * The facts about a base image that its layers tell.
 *
 * @param python the version of the virtual environment's Python, such as 3.11; empty if the image has none
 * @param gunicorn whether the virtual environment has it
 * @param libc "glibc 2.36" or "musl"; empty if the image has none that is known
 * @param systemPackages whether the virtual environment sees the packages of the system's Python
 * @param passwd the content of /etc/passwd
 * @param directories those that a layer may have to name again, by path
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BaseFacts(
        String python,
        boolean gunicorn,
        String libc,
        boolean systemPackages,
        String passwd,
        Map<String, Directory> directories) {

    public BaseFacts {
        directories = Map.copyOf(directories);
    }

    /** Returns the attributes of a directory, those of a new one if the image does not have it. */
    public Directory directory(String path) {
        return directories.getOrDefault(path, Directory.NEW);
    }
}
