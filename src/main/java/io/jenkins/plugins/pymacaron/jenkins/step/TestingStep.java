package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that runs tests; the user chooses the consequence of failures. */
public abstract class TestingStep extends StageStep {
    private static final String FAILURE = "failure";
    private static final String UNSTABLE = "unstable";

    private String onFailure = FAILURE;

    @NonNull
    @Override
    List<String> problems() {
        List<String> problems = new ArrayList<>(super.problems());
        if (!onFailure.equals(FAILURE) && !onFailure.equals(UNSTABLE)) {
            problems.add(Messages.StageStep_onFailure(onFailure));
        }
        return problems;
    }

    @NonNull
    StageOrder judging(StageOrder order) {
        return order.unstableOnFailure(onFailure.equals(UNSTABLE));
    }

    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        String given = Util.fixEmptyAndTrim(onFailure);
        this.onFailure = given == null ? FAILURE : given;
    }

    /** The text of a step that runs tests. */
    public abstract static class TestingDescriptor extends ServiceStepDescriptor {
        TestingDescriptor(String function, String displayName) {
            super(function, displayName);
        }

        @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It is the same for every user.
        public ListBoxModel doFillOnFailureItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.StageStep_onFailureFailure(), FAILURE);
            items.add(Messages.StageStep_onFailureUnstable(), UNSTABLE);
            return items;
        }
    }
}
