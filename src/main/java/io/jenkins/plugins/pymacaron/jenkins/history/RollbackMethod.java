package io.jenkins.plugins.pymacaron.jenkins.history;

/** How an earlier version can be live again. */
public enum RollbackMethod {
    /** It is kept there, and serves again at once. */
    KEPT,
    /** Its image is in the registry: it is deployed again, through staging and all acceptance tests. */
    AGAIN,
    /** Neither: nobody is offered what cannot work. */
    NONE
}
