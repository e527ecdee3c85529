package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationVersionDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.S3Location;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;

/** Manages the application, its versions, and their bundles in S3. */
final class ApplicationVersions {
    /** The beginning of the description of our application versions; those of others are never deleted. */
    static final String OURS = "PyMacaron: ";

    private static final String FILES = "files";
    private static final String CHECKSUM = "checksum";

    private final BeanstalkClient aws;
    private final String application;
    private final ServiceFiles files;

    /** Makes the client. @param files of the service's own, for the bundles */
    ApplicationVersions(BeanstalkClient aws, String application, ServiceFiles files) {
        this.aws = aws;
        this.application = application;
        this.files = files;
    }

    Optional<ApplicationDescription> application() throws TargetException, InterruptedException {
        return aws
                .calls()
                .read("look for the application " + application, () -> aws.beanstalk()
                        .describeApplications(r -> r.applicationNames(application))
                        .applications())
                .stream()
                .findFirst();
    }

    boolean hasApplication() throws TargetException, InterruptedException {
        return application().isPresent();
    }

    void createApplication() throws TargetException, InterruptedException {
        if (!hasApplication()) {
            aws.beanstalk()
                    .createApplication(r -> r.applicationName(application).description(OURS + application));
        }
    }

    Optional<ApplicationVersionDescription> find(String label) throws TargetException, InterruptedException {
        return describe(label).stream().findFirst();
    }

    private List<ApplicationVersionDescription> describe(String... labels)
            throws TargetException, InterruptedException {
        return aws.calls().read("list the versions of " + application, () -> {
            List<ApplicationVersionDescription> all = new ArrayList<>();
            String token = null;
            do {
                String next = token;
                var page = aws.beanstalk().describeApplicationVersions(r -> r.applicationName(application)
                        .versionLabels(labels.length == 0 ? null : List.of(labels))
                        .nextToken(next));
                all.addAll(page.applicationVersions());
                token = page.nextToken();
            } while (token != null && !token.isEmpty());
            return all;
        });
    }

    /** Returns our versions, except the newest {@code keep} and those that are {@code used}. */
    List<String> old(Set<String> used, int keep) throws TargetException, InterruptedException {
        return describe().stream()
                .filter(v -> v.description() != null && v.description().startsWith(OURS))
                .sorted(Comparator.comparing(ApplicationVersionDescription::dateCreated)
                        .reversed())
                .skip(keep)
                .map(ApplicationVersionDescription::versionLabel)
                .filter(label -> !used.contains(label))
                .toList();
    }

    /** Returns the bundle of an image, with the service's own files. */
    Bundle bundle(String kind, String image, String authBucket, boolean redirects) {
        return new Bundle(kind, image, authBucket, redirects, files);
    }

    /**
     * Returns the parameters of a bundle for the journal; the service's own files by their hash, since they are in the
     * commit.
     */
    static Map<String, String> params(Bundle bundle) {
        return Map.of(
                "kind",
                bundle.kind(),
                "redirects",
                Boolean.toString(bundle.redirects()),
                "image",
                bundle.image(),
                "authBucket",
                bundle.authBucket(),
                FILES,
                bundle.files().hash(),
                CHECKSUM,
                bundle.checksum(),
                BeanstalkEffects.NAMES,
                bundle.files().names());
    }

    /**
     * Returns the bundle.
     *
     * @throws EffectException where the files of the service have changed since the operation began
     */
    private Bundle bundle(Map<String, String> version) throws EffectException {
        String begunWith = version.getOrDefault(FILES, "");
        if (!begunWith.isEmpty() && !begunWith.equals(files.hash())) {
            throw EffectException.rejected("the files of .ebextensions and .platform are not those any more that this"
                    + " deployment began with; deploy again");
        }
        return new Bundle(
                version.get("kind"),
                version.get("image"),
                version.get("authBucket"),
                Boolean.parseBoolean(version.get("redirects")),
                begunWith.isEmpty() ? ServiceFiles.NONE : files);
    }

    /** Returns whether it is uploaded with this very content, by the checksum that S3 has computed. */
    boolean isUploaded(Map<String, String> version) throws TargetException, InterruptedException {
        try {
            String checksum = aws.calls()
                    .read("look for s3://" + version.get("bucket") + "/" + version.get("key"), () -> aws.s3()
                            .headObject(r -> r.bucket(version.get("bucket"))
                                    .key(version.get("key"))
                                    .checksumMode(ChecksumMode.ENABLED))
                            .checksumSHA256());
            return checksum != null && checksum.equals(version.get(CHECKSUM));
        } catch (CloudException e) {
            if (e.failure().kind() == Failure.Kind.MISSING) {
                return false;
            }
            throw e;
        }
    }

    void upload(Map<String, String> version) throws EffectException {
        Bundle bundle = bundle(version);
        if (Boolean.parseBoolean(version.get("storage"))) {
            // The answer is the same every time, once the bucket exists.
            aws.beanstalk().createStorageLocation();
        }
        aws.s3()
                .putObject(
                        r -> r.bucket(version.get("bucket"))
                                .key(version.get("key"))
                                .contentType("application/zip")
                                .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                                .checksumSHA256(bundle.checksum()),
                        RequestBody.fromBytes(bundle.bytes()));
    }

    void create(Map<String, String> version) throws TargetException, InterruptedException {
        if (find(version.get("label")).isPresent()) {
            return;
        }
        aws.beanstalk().createApplicationVersion(r -> r.applicationName(application)
                .versionLabel(version.get("label"))
                .description(description(version.get("image")))
                .process(true)
                .autoCreateApplication(false)
                .sourceBundle(S3Location.builder()
                        .s3Bucket(version.get("bucket"))
                        .s3Key(version.get("key"))
                        .build()));
    }

    /** Returns the description (botocore, Description: at most 200 characters). */
    private static String description(String image) {
        String all = OURS + image;
        return all.length() > 200 ? all.substring(0, 200) : all;
    }

    void delete(String label) throws TargetException, InterruptedException, EffectException {
        Optional<ApplicationVersionDescription> found = find(label);
        if (found.isEmpty()) {
            return;
        }
        if (found.get().description() == null || !found.get().description().startsWith(OURS)) {
            throw EffectException.rejected("application version " + label + " is not one of ours");
        }
        aws.beanstalk()
                .deleteApplicationVersion(
                        r -> r.applicationName(application).versionLabel(label).deleteSourceBundle(true));
    }
}
