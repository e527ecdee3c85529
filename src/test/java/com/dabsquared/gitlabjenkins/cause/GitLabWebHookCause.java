package com.dabsquared.gitlabjenkins.cause;

import hudson.model.Cause;

/** Has the form of gitlab-plugin: the data with the type of the action, which is a constant with a body of its own. */
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

    /** The data of the web hook. */
    public record CauseData(ActionType type) {
        public ActionType getActionType() {
            return type;
        }
    }

    /** The type has the plugin's name. */
    public enum ActionType {
        PUSH,
        TAG_PUSH,
        MERGE,
        NOTE
    }
}
