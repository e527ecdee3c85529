package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** An image with a service that behaves as its environment says. */
final class Services {
    static final String SECRET = "s3cret=of \"them\"";
    static final String VERSION = "261122-1503-41-9f3ab2";

    private static final String SERVICE = """
            import http.server, json, os, sys, time
            behaviour = os.environ.get('BEHAVIOUR', '')
            print('starting with', os.environ.get('PASSWORD'), 'on', os.environ['PORT'], flush=True)
            if behaviour == 'dies':
                sys.exit('cannot reach the database')
            if behaviour == 'silent':
                time.sleep(600)
            if behaviour == 'taken' and not os.environ['PORT'].endswith('7'):
                sys.exit('OSError: [Errno 98] Address already in use')
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    if behaviour == 'dies-later':
                        os._exit(7)
                    body = json.dumps({'version': '%s', 'pym_env': os.environ.get('PYM_ENV')}).encode()
                    self.send_response(500 if behaviour == 'errors' else 200)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
            http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Handler).serve_forever()
            """.formatted(VERSION);

    private static String image;

    private Services() {}

    /** Returns its id; it is built once. The engine knows its layers by then, so this is quick. */
    static synchronized String image() throws IOException, InterruptedException {
        if (image == null) {
            StringBuilder lines = new StringBuilder();
            for (byte b : SERVICE.getBytes(StandardCharsets.UTF_8)) {
                lines.append(String.format("\\%03o", b));
            }
            String dockerfile = "FROM " + RealDocker.base() + "\nRUN printf '" + lines
                    + "' > /service.py\nCMD [\"python3\", \"/service.py\"]\n";
            image = new Processes(SecretMask.NONE, line -> {})
                    .query(Command.of("docker", "build", "--network=host", "-q", "-")
                            .feeding(dockerfile.getBytes(StandardCharsets.UTF_8)))
                    .orThrow("building the test service")
                    .output()
                    .strip();
        }
        return image;
    }

    static ContainerUnderTest.Task task(String behaviour, Duration readyWithin)
            throws IOException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("BEHAVIOUR", behaviour);
        environment.put("PASSWORD", SECRET);
        environment.put("PYM_ENV", "dev");
        return new ContainerUnderTest.Task(image(), VERSION, environment, readyWithin);
    }
}
