package io.jenkins.plugins.pymacaron.jenkins.history;

/** The method by which an earlier version can be live again. */
public enum RollbackMethod {
    /** It is kept there, and serves again at once. */
    KEPT,
    /** Its image is in the registry: it is deployed again, through staging and all acceptance tests. */
    AGAIN,
    /** Neither is possible, so no rollback is offered. */
    NONE
}
