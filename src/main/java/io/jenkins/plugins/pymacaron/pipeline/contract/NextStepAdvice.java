package io.jenkins.plugins.pymacaron.pipeline.contract;

/** What to do next, in the words of where the user is: options of a command, or steps of a Pipeline. */
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
        public String older() {
            return "--allow-older";
        }

        @Override
        public String unfinished() {
            return "go on with pymdeploy --resume";
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
        public String older() {
            return "allowOlder: true";
        }

        @Override
        public String unfinished() {
            return "the next stage there undoes it";
        }
    };

    /** The registry does not answer, or lets nobody in. */
    public abstract String registry();

    /** The image stays here, and a cloud cannot get at it. */
    public abstract String notPushed();

    /** There is no interpreter for the tests. */
    public abstract String python();

    /** The interpreter for the tests is not the one that the project asks for. */
    public abstract String otherPython();

    /** What deploys an image that exists. */
    public abstract String deploy(String version);

    /** What has a commit go live that is older than what serves. */
    public abstract String older();

    /** A change was broken off in the middle of it. */
    public abstract String unfinished();
}
