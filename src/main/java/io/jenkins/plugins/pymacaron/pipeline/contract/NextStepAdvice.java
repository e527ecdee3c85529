package io.jenkins.plugins.pymacaron.pipeline.contract;

/** Advice on the next step, in the words of the user's interface: options of a command, or steps of a Pipeline. */
public enum NextStepAdvice {
    SHELL {
        @Override
        public String registry() {
            return "Start or correct the registry, log in to it, or keep the image here by --no-push.";
        }

        @Override
        public String notPushed() {
            return "Leave --no-push away, or add --no-deploy.";
        }

        @Override
        public String python() {
            return "Name one by --python, or use --no-test.";
        }

        @Override
        public String otherPython() {
            return "Name one by --python.";
        }

        @Override
        public String deploy(String version) {
            return "--deploy " + version;
        }

        @Override
        public String set(Parameter flag) {
            return flag.option();
        }

        @Override
        public String unfinished() {
            return "continue with pymdeploy --resume";
        }

        @Override
        public String rollback() {
            return "Try pymdeploy --rollback VERSION";
        }
    },
    PIPELINE {
        @Override
        public String registry() {
            return "Start or correct the registry, or name credentials for it: credentials: [docker: 'id'].";
        }

        @Override
        public String notPushed() {
            return "Push it too, or deploy to docker.";
        }

        @Override
        public String python() {
            return "Install Python 3 on this agent, or name one by python: '/path/to/python3'.";
        }

        @Override
        public String otherPython() {
            return "Name one by python: '/path/to/python3'.";
        }

        @Override
        public String deploy(String version) {
            return "pymDeploy(version: '" + version + "')";
        }

        @Override
        public String set(Parameter flag) {
            return flag.argument() + ": true";
        }

        @Override
        public String unfinished() {
            return "the next stage there undoes it";
        }

        @Override
        public String rollback() {
            return "Try pymRollback(version: '...')";
        }
    };

    /** Returns the advice for a registry that does not answer, or refuses the login. */
    public abstract String registry();

    /** Returns the advice for an image that stays on this machine, where a cloud cannot reach it. */
    public abstract String notPushed();

    /** Returns the advice for a missing interpreter of the tests. */
    public abstract String python();

    /** Returns the advice for an interpreter that is not the one that the project asks for. */
    public abstract String otherPython();

    /** Returns the way to deploy an image that exists. */
    public abstract String deploy(String version);

    /** Returns the way to set a flag. */
    public abstract String set(Parameter flag);

    /** Returns the advice for a change that was interrupted. */
    public abstract String unfinished();

    /** Returns advice for a rollback that has failed. */
    public abstract String rollback();
}
