package io.jenkins.plugins.pymacaron.cli;

/** The texts that {@code pymdeploy init} writes. */
final class ServiceTexts {
    static final String JENKINSFILE = """
            // Tests, builds, accepts, stages and promotes the service, as pym-config.yaml says.
            // The image stays on the agent that deploys, until that file names a registry and has no push: false any more.
            pymacaronDeploy()
            """;

    static final String REQUIREMENTS = """
            flask
            gunicorn
            """;

    static final String ENDPOINTS = """
            \"\"\"The two endpoints by which a deployment knows that the service is ready, and which version it is.\"\"\"
            import os

            from flask import jsonify


            def read_version():
                \"\"\"The build of the image writes /pym/VERSION; outside an image there is none.\"\"\"
                try:
                    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'VERSION')) as f:
                        return f.read().strip()
                except FileNotFoundError:
                    return 'local'


            def add_to(app):
                app.add_url_rule('/ping', 'pym_ping', lambda: jsonify({}))
                app.add_url_rule('/version', 'pym_version', lambda: jsonify(version=read_version()))
            """;

    static final String SMALL_SERVICE = """
            \"\"\"A small service. gunicorn runs server:app.\"\"\"
            from flask import Flask, jsonify

            import pym_endpoints

            app = Flask(__name__)
            pym_endpoints.add_to(app)


            @app.get('/hello/<name>')
            def hello(name):
                return jsonify(greeting='Hello, %s' % name)
            """;

    static final String UNIT_TEST = """
            \"\"\"Unit tests: they run in the checkout, before the image is built.\"\"\"
            import importlib.util
            import unittest

            HAS_FLASK = importlib.util.find_spec('flask') is not None


            class ServiceTest(unittest.TestCase):
                @unittest.skipUnless(HAS_FLASK, 'the interpreter of the tests has no Flask')
                def test_server_has_an_app(self):
                    import server
                    self.assertTrue(callable(server.app))


            if __name__ == '__main__':
                unittest.main()
            """;

    static final String ACCEPTANCE_TEST = """
            \"\"\"Acceptance tests: they ask a running service, in a container, on staging and on live.\"\"\"
            import json
            import os
            import ssl
            import unittest
            import urllib.request

            HOST = os.environ['PYM_SERVER_HOST']
            PORT = int(os.environ['PYM_SERVER_PORT'])
            BASE = '%s://%s:%d%s' % (
                'https' if PORT == 443 else 'http', HOST, PORT, os.environ.get('PYM_SERVER_BASE_PATH', ''))


            def get(path):
                context = ssl._create_unverified_context() if os.environ.get('NO_SSL_CHECK') else None
                request = urllib.request.Request(BASE + path)
                if 'PYM_SERVER_NAME' in os.environ:
                    request.add_header('Host', os.environ['PYM_SERVER_NAME'])
                with urllib.request.urlopen(request, timeout=10, context=context) as response:
                    return response.status, json.load(response)


            class ServiceTest(unittest.TestCase):
                def test_ping(self):
                    self.assertEqual(get('/ping')[0], 200)

                def test_version(self):
                    self.assertTrue(get('/version')[1]['version'])
            """;

    private ServiceTexts() {}

    static String config(String name, int live, int staging) {
        return """
                # Every key is in docs/configuration.md of the plugin.
                name: NAME

                # Containers on the engine of this machine.
                deploy_target: docker

                # The user or organisation that the image's name begins with. The image stays on this machine: with a registry,
                # name it here, and leave push away.
                docker_repo: local
                push: false

                # Where live answers, and staging.
                live_url: http://127.0.0.1:LIVE
                staging:
                  live_url: http://127.0.0.1:STAGING
                """.replace("NAME", name)
                .replace("LIVE", Integer.toString(live))
                .replace("STAGING", Integer.toString(staging));
    }

    /** Returns the additional settings of a service of the library. */
    static String traits(String name, ServiceTraits traits) {
        String async = """

                # Tasks: redis and celery run in the container, and the image has to have redis-server and git.
                with_async: true
                """;
        String tokens = """

                # Tokens are signed with the value of PYM_JWT_SECRET, which has to be set where pymdeploy runs.
                env_secrets: [PYM_JWT_SECRET]
                jwt_secret: PYM_JWT_SECRET
                jwt_issuer: NAME
                jwt_audience: NAME
                """.replace("NAME", name);
        return (traits.async() ? async : "") + (traits.tokens() ? tokens : "");
    }

    /** Returns a module that calls the service's own function to make the app. */
    static String factory(String module, String function, boolean endpoints) {
        return "\"\"\"gunicorn runs server:app.\"\"\"\nfrom " + module + " import " + function + "\n"
                + (endpoints ? "\nimport pym_endpoints\n" : "")
                + "\napp = " + function + "()\n"
                + (endpoints ? "pym_endpoints.add_to(app)\n" : "");
    }

    /** Returns a module that names the app as gunicorn expects it. */
    static String server(String module, String app, boolean endpoints) {
        return "\"\"\"gunicorn runs server:app.\"\"\"\nfrom " + module + " import " + app
                + (app.equals("app") ? "" : " as app") + (endpoints ? "" : "  # noqa: F401") + "\n"
                + (endpoints ? "\nimport pym_endpoints\n\npym_endpoints.add_to(app)\n" : "");
    }
}
