package io.jenkins.plugins.pymacaron.cli;

import picocli.CommandLine.IVersionProvider;

/** Returns the version in the manifest of the jar; a build that was not packaged has none. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return new String[] {"pymdeploy " + (version == null ? "(not released)" : version)};
    }
}
