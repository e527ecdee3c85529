package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.image.layers.PipSettings;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The parts of this machine that a build without an engine uses.
 *
 * @param processes starts pip and the code of packages, without secrets
 * @param python that was chosen for the tests; taken if it agrees with the base image
 * @param pip the settings of pip on this machine
 * @param cache directory of layers that later builds use again
 */
public record LayerTools(Processes processes, Optional<Path> python, PipSettings pip, Path cache) {}
