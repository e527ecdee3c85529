package com.dabsquared.gitlabjenkins.cause;

import hudson.model.Cause;

/** As gitlab-plugin has it: the data with the type of the action, which is a constant with a body of its own. */
public final class GitLabWebHookCause extends Cause {
    private final ActionType type;

    public GitLabWebHookCause(ActionType type) {
        this.type = type;
    }

    public CauseData getData() {
        return new CauseData(type);
    }

    @Override
    public String getShortDescription() {
        return "GitLab " + type;
    }

    /** What the web hook told. */
    public record CauseData(ActionType type) {
        public ActionType getActionType() {
            return type;
        }
    }

    /** Of the plugin's. */
    public enum ActionType {
        PUSH,
        TAG_PUSH,
        MERGE,
        NOTE
    }
}
