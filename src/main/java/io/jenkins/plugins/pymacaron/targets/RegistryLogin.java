package io.jenkins.plugins.pymacaron.targets;

/** A login to a registry, made from a cloud's own credential; it is valid for some hours. */
public record RegistryLogin(String user, String password) {
    /** Leaves out the password. */
    @Override
    public String toString() {
        return user;
    }
}
