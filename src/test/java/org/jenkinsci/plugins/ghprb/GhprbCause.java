package org.jenkinsci.plugins.ghprb;

import hudson.model.Cause;

/** Has the form of ghprb-plugin, known by its name alone. */
public final class GhprbCause extends Cause {
    @Override
    public String getShortDescription() {
        return "GitHub pull request #7";
    }
}
