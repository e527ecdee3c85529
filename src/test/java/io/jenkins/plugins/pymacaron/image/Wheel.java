package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A Python package of one module and one script, as a wheel (packaging.python.org, "Binary distribution format"). */
public final class Wheel {
    private Wheel() {}

    /** Writes it into a directory for pip's --find-links. @param tag such as py3-none-any */
    public static void write(Path directory, String name, String version, String tag) throws IOException {
        String info = name + "-" + version + ".dist-info/";
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                name + ".py", "NAMES = {'b', 'a', 'c'}\n\n\ndef main():\n    print('" + name + " " + version + "')\n");
        files.put(info + "METADATA", "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
        files.put(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " + tag + "\n");
        files.put(info + "entry_points.txt", "[console_scripts]\n" + name + "-run = " + name + ":main\n");
        StringBuilder record = new StringBuilder();
        files.keySet().forEach(file -> record.append(file).append(",,\n"));
        files.put(info + "RECORD", record + info + "RECORD,,\n");
        Files.createDirectories(directory);
        try (ZipOutputStream zip = new ZipOutputStream(
                Files.newOutputStream(directory.resolve(name + "-" + version + "-" + tag + ".whl")))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}
