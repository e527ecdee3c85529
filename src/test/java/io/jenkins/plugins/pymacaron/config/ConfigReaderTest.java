package io.jenkins.plugins.pymacaron.config;

import static io.jenkins.plugins.pymacaron.config.Configs.BEANSTALK;
import static io.jenkins.plugins.pymacaron.config.Configs.DOCKER;
import static io.jenkins.plugins.pymacaron.config.Configs.read;
import static io.jenkins.plugins.pymacaron.config.Configs.refused;
import static io.jenkins.plugins.pymacaron.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    @Test
    void readsWhatIsThereAndDefaultsTheRest() throws ConfigException {
        PymConfig config = read(BEANSTALK).live().get(0);

        assertThat(config.name()).isEqualTo("hello");
        assertThat(config.target()).isEqualTo(DeployTarget.BEANSTALK);
        assertThat(config.dockerRepo()).isEqualTo("demo");
        assertThat(config.dockerBase()).isEmpty();
        assertThat(config.platform()).isEqualTo("linux/amd64");
        assertThat(config.includeLinks()).isEmpty();
        assertThat(config.envSecrets()).isEmpty();
        assertThat(config.withAsync()).isFalse();
        assertThat(config.get(AwsKeys.AWS_INSTANCE_TYPE)).isEqualTo("t3.small");
        assertThat(config.get(AwsKeys.AWS_HOSTS_MIN)).isEqualTo(1);
        assertThat(config.get(AwsKeys.AWS_HOSTS_MAX)).isEqualTo(4);
        assertThat(config.get(GoogleKeys.GCP_REGION)).isEqualTo("europe-west1");
        assertThat(config.get(GoogleKeys.GCP_MEMORY)).isEqualTo("512Mi");
        assertThat(config.get(GoogleKeys.GCP_REQUEST_CONCURRENCY)).isEqualTo(10);
        assertThat(config.jwtSecret()).isEmpty();
        assertThat(config.jwtTokenTimeout()).isEqualTo(Duration.ofDays(1));
        assertThat(config.jwtTokenRenewAfter()).isEqualTo(Duration.ofHours(3));
        assertThat(config.defaultUserId()).isEqualTo("PYM_DEFAULT_USER_ID");
        assertThat(config.accept())
                .isEqualTo(new Accept(
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5),
                        3,
                        List.of("testaccept"),
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        ""));
        assertThat(config.retention()).isEqualTo(new Retention(5, 1, false, false, Optional.empty()));
        assertThat(config.prePromote()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "host: hello.example.com|hello.example.com|''",
                "host: hello.example.com:8080|hello.example.com:8080|''",
                "host: \"[::1]:80\"|[::1]:80|''",
                "base_path: /api|-|/api",
                "base_path: /api/v1/|-|/api/v1",
                "base_path: /|-|''",
            })
    void readsHowTheServiceIsAsked(String key, String host, String basePath) throws ConfigException {
        Accept accept = read(DOCKER + "accept:\n  " + key + "\n").base().accept();
        assertThat(accept.host()).isEqualTo(Optional.ofNullable(host));
        assertThat(accept.basePath()).isEqualTo(basePath);
    }

    /** A Host header and a path go into a request as they are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: https://hello.example.com",
                "host: hello.example.com/api",
                "host: \"a\\r\\nX-Injected: b\"",
                "host: a b",
                "host: -a",
                "base_path: api",
                "base_path: ''",
                "base_path: /../admin",
                "base_path: /a/./b",
                "base_path: //a",
                "base_path: /a b",
                "base_path: /a?b",
                "base_path: \"/a\\r\\nX: b\"",
            })
    void refusesWhatIsNoHostAndNoPath(String key) {
        assertThatThrownBy(() -> read(DOCKER + "accept:\n  " + key + "\n"))
                .hasMessageContaining(key.substring(0, key.indexOf(':')));
    }

    @Test
    void readsTheBlocks() throws ConfigException {
        PymConfig config = read(DOCKER + """
                        accept: {ready_timeout: 90s, tests: [testaccept, more/tests]}
                        timeouts:
                          build: 1h30m
                          push: 45
                          live: 1:30
                        retention: {images: 2, deployments: 3, keep_failed: true}
                        pre_promote: [python, manage.py, migrate, '']
                        """).base();

        assertThat(config.accept().readyTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.accept().tests()).containsExactly("testaccept", "more/tests");
        assertThat(config.timeouts().build()).isEqualTo(Duration.ofMinutes(90));
        assertThat(config.timeouts().push()).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.timeouts().live()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.timeouts().of("accept-staging")).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.retention()).isEqualTo(new Retention(2, 3, true, false, Optional.empty()));
        assertThat(config.prePromote()).containsExactly("python", "manage.py", "migrate", "");
    }

    @ParameterizedTest
    @CsvSource({
        "beanstalk,BEANSTALK,docker.io",
        "aws-beanstalk,BEANSTALK,docker.io",
        "cloud-run,CLOUD_RUN,gcr.io",
        "gcp-cloud-run,CLOUD_RUN,gcr.io",
        "gke,GKE,gcr.io",
        "docker,DOCKER,docker.io"
    })
    void everyTargetHasItsNamesAndItsRegistry(String name, DeployTarget target, String registry)
            throws ConfigException {
        PymConfig config = read(Configs.of(name)).base();

        assertThat(config.target()).isEqualTo(target);
        assertThat(config.registry()).isEqualTo(registry);
    }

    @Test
    void saysEverythingThatIsWrongAtOnceInTheOrderOfTheFile() {
        assertThat(refused("""
                        name: Hello
                        live_url: hello.example.com
                        aws_hosts_max: "4"
                        worker_count: 0
                        with_async: 'yes'
                        env_secrets: JWT_SECRET
                        aws_user: 12
                        docker_bucket: [a]
                        accept:
                          ready: 10s
                          ready_timeout: soon
                        """))
                .containsExactly(
                        "f: error: docker_repo is missing, which every service needs. Add for instance: docker_repo: mycompany",
                        "f: error: aws_keypair is missing, which AWS Elastic Beanstalk in staging and AWS Elastic Beanstalk in"
                                + " live needs. Add for instance: aws_keypair: my-keypair",
                        "f: error: aws_instance_type is missing, which AWS Elastic Beanstalk in staging and AWS Elastic"
                                + " Beanstalk in live needs. Add for instance: aws_instance_type: t3.small",
                        "f:1:7: error: name must be lower-case letters and digits, with single dots, underscores or dashes"
                                + " between, but is the text Hello. Write for instance: name: hello",
                        "f:2:11: error: live_url must be a URL that starts with http:// or https://, but is the text"
                                + " hello.example.com. Write for instance: live_url: https://hello.example.com",
                        "f:3:16: error: aws_hosts_max must be a whole number from 1 to 10000, but is the text 4."
                                + " Write it without quotes: aws_hosts_max: 4",
                        "f:4:15: error: worker_count must be a whole number from 1 to 1000, but is the number 0."
                                + " Write for instance: worker_count: 4",
                        "f:5:13: error: with_async must be true or false, but is the text yes."
                                + " Write true or false, without quotes.",
                        "f:6:14: error: env_secrets must be a list of names of environment variables, but is the text"
                                + " JWT_SECRET. Write for instance: env_secrets: [JWT_SECRET, DB_PASSWORD]",
                        "f:7:11: error: aws_user must be text, but is the number 12. Put it in quotes: aws_user: \"12\"",
                        "f:8:16: error: docker_bucket must be the name of an S3 bucket, but is a list."
                                + " Write for instance: docker_bucket: mycompany-docker",
                        "f:10:3: error: accept has no key ready. Its keys are ready_timeout, request_timeout, consecutive,"
                                + " tests, runner, parallel, host, base_path.",
                        "f:11:18: error: ready_timeout must be a time such as 90s, 10m or 1h30m, or a number of seconds, up"
                                + " to 1d, but is the text soon. Write for instance: ready_timeout: 90s");
    }

    @Test
    void saysHowYaml11ReadTheValueThatDoesNotFit() {
        assertThat(refused(DOCKER + "jwt_issuer: 012"))
                .contains("f:5:13: error: jwt_issuer must be text, but is the number 10 (as YAML 1.1 reads 012)."
                        + " Put it in quotes: jwt_issuer: \"012\"");
        assertThat(refused(DOCKER + "jwt_issuer: on"))
                .anyMatch(line -> line.contains("is true (as YAML 1.1 reads on)"));
    }

    @Test
    void neverShowsTheValueOfASecretKey() {
        assertThat(refused(DOCKER + "jwt_secret: 31337")).noneMatch(line -> line.contains("31337"));
        assertThat(refused(DOCKER + "scout_key: [s3cret]\nname: 1")).noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void requiredKeysDependOnTheTargetOfEachSlot() {
        assertThat(refused(
                        DOCKER + "staging: {deploy_target: cloud-run}\nlive: {deploy_target: beanstalk, aws_user: u}"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("f:6:8: error: "))
                .allMatch(line -> line.contains("is missing, which AWS Elastic Beanstalk in live needs"));
    }

    @Test
    void anEmptyKeyIsMissingWhereItStands() {
        assertThat(refused(DOCKER.replace("name: hello", "name:")))
                .containsExactly(
                        "f:1:1: error: name is missing, which every service needs. Add for instance: name: hello");
    }

    @Test
    void aWrongTargetAsksForNoKeysOfAnother() {
        assertThat(refused(DOCKER.replace("docker\n", "beanstalc\n")))
                .singleElement()
                .asString()
                .contains("deploy_target must be one of beanstalk, aws-beanstalk,")
                .endsWith("Did you mean beanstalk?");
    }

    @Test
    void keysOfTheApplicationAreKept() throws ConfigException {
        ProjectConfig project = read(
                DOCKER + "uuid_file_path: /tmp/x\nslack: {channel: '#a', retries: 3}\nstaging: {uuid_file_path: /s}");

        assertThat(project.warnings()).isEmpty();
        assertThat(project.base().extras())
                .isEqualTo(Map.of(
                        "uuid_file_path",
                        "/tmp/x",
                        "slack",
                        Map.of("channel", "#a", "retries", BigInteger.valueOf(3))));
        assertThat(project.staging().extras())
                .containsEntry("uuid_file_path", "/s")
                .containsKey("slack");
    }

    @ParameterizedTest
    @CsvSource({
        "live-url,live_url",
        "Name,name",
        "deploytarget,deploy_target",
        "env_secret,env_secrets",
        "aws_instance_tpye,aws_instance_type",
        "liveUrl,live_url",
        "timeout,timeouts"
    })
    void asksWhatWasMeant(String written, String meant) throws ConfigException {
        assertThat(warnings(DOCKER + written + ": x"))
                .containsExactly("f:5:1: warning: unknown key " + written + ", left to the application. Did you mean "
                        + meant + "?");
    }

    @Test
    void keysThatDoNothingAnyMoreSaySo() throws ConfigException {
        assertThat(warnings(DOCKER + "staging_url: http://x"))
                .containsExactly("f:5:1: warning: staging_url does nothing here. Write live_url in the block staging.");
    }

    @Test
    void aSecretWrittenIntoTheFileIsWarnedOf() throws ConfigException {
        assertThat(warnings(DOCKER + "env_secrets: [A]\njwt_secret: A")).isEmpty();
        assertThat(warnings(DOCKER + "jwt_secret: topsecret"))
                .singleElement()
                .asString()
                .startsWith("f:5:1: warning: the value of jwt_secret is no name of env_secrets")
                .doesNotContain("topsecret");
    }

    @Test
    void aKeyThatIsNoTextIsRefused() {
        assertThat(refused(DOCKER + "on: 1"))
                .contains("f:5:1: error: a key must be text, but YAML 1.1 reads this one as true. Put it in quotes.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre_promote: 'python manage.py migrate' | No shell reads it.",
                "pre_promote: [] | names no program. Give a program and its arguments, such as",
                "pre_promote: [sleep, 3] | but is the number 3. Put it in quotes.",
                "include_links: [/etc] | holds /etc, which is no path inside the project",
                "include_links: [a/../../b] | holds a/../../b",
                "accept: {tests: [-x]} | holds -x",
                "env_secrets: [PORT] | holds PORT, which the pipeline itself sets",
                "env_secrets: [PYM_REGISTRY_PASSWORD] | holds PYM_REGISTRY_PASSWORD, by which the pipeline itself gets",
                "env_secrets: [PYM_DEPLOYMENT_KEY] | holds PYM_DEPLOYMENT_KEY, by which",
                "env_secrets: [PYM_GCP_KEY] | holds PYM_GCP_KEY, by which",
                "env_secrets: [PYM_KUBECONFIG] | holds PYM_KUBECONFIG, by which",
                "env_secrets: [PYM_X_AUTH] | holds PYM_X_AUTH, by which",
                "env_secrets: [PYM_AWS_ANYTHING] | holds PYM_AWS_ANYTHING, by which",
                "live: {env_secrets: [PYM_AWS_SECRET_ACCESS_KEY]} | holds PYM_AWS_SECRET_ACCESS_KEY, by which",
                "env_secrets: ['A=b'] | holds an assignment, which is no name of an environment variable",
                "env_secrets: [1A] | holds 1A, which is no name",
                "pym_env: ../x | pym_env must be a name of letters",
                "platform: amd64 | platform must be os/arch",
                "docker_base: 'a b' | docker_base must be the name of an image",
                "registry: host/path | a path after the host belongs into docker_repo",
                "canary: [50, 25] | canary must be a list of growing percentages",
                "gcp_memory: lots | gcp_memory must be an amount such as 512Mi",
                "gcp_ingress: none | gcp_ingress must be one of all, internal",
                "aws_cert_arn: cert | aws_cert_arn must be the ARN of an ACM certificate",
                "aws_hosts_min: 5 | aws_hosts_max (4) is less than aws_hosts_min (5). Set aws_hosts_max too.",
                "timeouts: {unit: 0} | unit must be a time such as",
                "timeouts: 10m | timeouts must be a block of keys, but is the text 10m",
                "retention: {image: 3} | retention has no key image. Did you mean images?",
                "live: [] | live is an empty list",
                "live: [a] | live must be a block of keys, but is the text a",
                "staging: [{pym_env: a}] | Only live may be a list.",
                "staging: {live: {pym_env: a}} | the block live cannot stand inside staging",
                "jwt_issuer: \"a\\nb\" | jwt_issuer must be one line of text",
                "jwt_issuer: ' ' | jwt_issuer must be text",
            })
    void refusesWithAReason(String line, String reason) {
        assertThat(refused(DOCKER + line)).anyMatch(problem -> problem.contains(reason));
    }

    @Test
    void quantitiesMayLookLikeNumbers() throws ConfigException {
        assertThat(read(Configs.of("cloud-run") + "gcp_cpu: 2").base().get(GoogleKeys.GCP_CPU))
                .isEqualTo("2");
        assertThat(read(Configs.of("cloud-run") + "gcp_cpu: 0.5").base().get(GoogleKeys.GCP_CPU))
                .isEqualTo("0.5");
        assertThat(read(Configs.of("cloud-run") + "gcp_cpu: 500m").base().get(GoogleKeys.GCP_CPU))
                .isEqualTo("500m");
    }

    @Test
    void aVariableNamedTwiceCountsOnce() throws ConfigException {
        ProjectConfig project = read(DOCKER + "env_secrets: [A, B, A]");

        assertThat(project.base().envSecrets()).containsExactly("A", "B");
        assertThat(project.warnings()).singleElement().asString().contains("names a variable twice");
    }

    @Test
    void manyProblemsEndInASummary() {
        StringBuilder text = new StringBuilder(DOCKER).append("slots:\n");
        for (int i = 0; i < 500; i++) {
            text.append("  k").append(i).append(": yes\n");
        }
        assertThat(refused(text + "worker_count: x"))
                .hasSize(101)
                .contains("f:506:15: error: worker_count must be a whole number from 1 to 1000, but is the text x."
                        + " Write for instance: worker_count: 4")
                .last()
                .isEqualTo("f: warning: there are 401 more problems.");
    }
}
