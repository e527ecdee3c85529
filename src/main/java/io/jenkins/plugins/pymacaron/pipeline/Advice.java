package io.jenkins.plugins.pymacaron.pipeline;

/** What to do next, in the words of where the user is: options of a command, or steps of a Pipeline. */
enum Advice {
    SHELL {
        @Override
        String registry() {
            return "Start or correct the registry, log in to it, or keep the image here by --no-push.";
        }

        @Override
        String notPushed() {
            return "Leave --no-push away, or add --no-deploy.";
        }

        @Override
        String python() {
            return "Name one by --python, or use --no-test.";
        }

        @Override
        String otherPython() {
            return "Name one by --python.";
        }

        @Override
        String deploy(String version) {
            return "--deploy " + version;
        }

        @Override
        String older() {
            return "--allow-older";
        }

        @Override
        String unfinished() {
            return "go on with pymdeploy --resume";
        }
    },
    PIPELINE {
        @Override
        String registry() {
            return "Start or correct the registry, or name credentials for it: credentials: [docker: 'id'].";
        }

        @Override
        String notPushed() {
            return "Push it too, or deploy to docker.";
        }

        @Override
        String python() {
            return "Install Python 3 on this agent, or name one by python: '/path/to/python3'.";
        }

        @Override
        String otherPython() {
            return "Name one by python: '/path/to/python3'.";
        }

        @Override
        String deploy(String version) {
            return "pymDeploy(version: '" + version + "')";
        }

        @Override
        String older() {
            return "allowOlder: true";
        }

        @Override
        String unfinished() {
            return "the next stage there undoes it";
        }
    };

    /** The registry does not answer, or lets nobody in. */
    abstract String registry();

    /** The image stays here, and a cloud cannot get at it. */
    abstract String notPushed();

    /** There is no interpreter for the tests. */
    abstract String python();

    /** The interpreter for the tests is not the one that the project asks for. */
    abstract String otherPython();

    /** What deploys an image that exists. */
    abstract String deploy(String version);

    /** What has a commit go live that is older than what serves. */
    abstract String older();

    /** A change was broken off in the middle of it. */
    abstract String unfinished();
}
