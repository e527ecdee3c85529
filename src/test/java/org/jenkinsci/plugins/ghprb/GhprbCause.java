package org.jenkinsci.plugins.ghprb;

import hudson.model.Cause;

/** As ghprb-plugin has it, by its name alone. */
public final class GhprbCause extends Cause {
    @Override
    public String getShortDescription() {
        return "GitHub pull request #7";
    }
}
