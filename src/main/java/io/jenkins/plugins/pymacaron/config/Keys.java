package io.jenkins.plugins.pymacaron.config;

import java.util.List;

/** All keys, in the order of the documentation. */
final class Keys {
    /** Keys of the file itself and of its {@code staging} and {@code live} blocks. */
    static final List<Section> SECTIONS = List.of(
            ServiceKeys.SERVICE,
            ServiceKeys.IMAGE,
            ServiceKeys.RUNTIME,
            PipelineKeys.SECTION,
            AwsKeys.SECTION,
            GoogleKeys.SECTION,
            CloudRunKeys.SECTION,
            GkeKeys.SECTION,
            PipelineKeys.OLD);

    /** Keys of our own blocks. */
    static final List<Section> BLOCKS =
            List.of(PipelineKeys.ACCEPT_SECTION, PipelineKeys.TIMEOUTS_SECTION, PipelineKeys.RETENTION_SECTION);

    static final List<Key<?>> ALL = SECTIONS.stream()
            .<Key<?>>flatMap(section -> section.keys().stream())
            .toList();

    private Keys() {}
}
