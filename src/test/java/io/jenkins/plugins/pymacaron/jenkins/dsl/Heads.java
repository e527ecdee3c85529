package io.jenkins.plugins.pymacaron.jenkins.dsl;

import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.mixin.ChangeRequestCheckoutStrategy;
import jenkins.scm.api.mixin.ChangeRequestSCMHead2;

/** Heads as an SCM has them that knows of change requests. */
final class Heads {
    private Heads() {}

    static final class Request extends SCMHead implements ChangeRequestSCMHead2 {
        private static final long serialVersionUID = 1;
        private final SCMHeadOrigin origin;

        Request(String name) {
            this(name, SCMHeadOrigin.DEFAULT);
        }

        Request(String name, SCMHeadOrigin origin) {
            super(name);
            this.origin = origin;
        }

        @Override
        public SCMHeadOrigin getOrigin() {
            return origin;
        }

        @Override
        public ChangeRequestCheckoutStrategy getCheckoutStrategy() {
            return ChangeRequestCheckoutStrategy.HEAD;
        }

        @Override
        public String getOriginName() {
            return getName();
        }

        @Override
        public String getId() {
            return getName();
        }

        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }
    }
}
