package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells which hosts a container of the engine can answer as, and at which address it listens then. */
final class Hosts {
    static final String EVERYWHERE = "0.0.0.0";

    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|0[xX][0-9a-fA-F.xX]+");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int OCTETS = 4;
    private static final int LARGEST_OCTET = 255;

    private Hosts() {}

    /** Returns the IPv4 address to listen on: loopback if the URL names loopback, otherwise all addresses. */
    static String listening(String url) {
        String host = plain(URI.create(url).getHost());
        if (!isLoopback(host)) {
            return EVERYWHERE;
        }
        return host.equals("localhost") ? "127.0.0.1" : host;
    }

    /** Returns whether the name or the address means this machine alone, by its spelling. */
    static boolean isLoopback(String name) {
        String host = plain(name);
        return host.equals("localhost") || isIpv4(host) && host.startsWith("127.");
    }

    /**
     * Returns the reason why no container of this engine can answer at an address; empty if one can. Asks the resolver.
     */
    static Optional<String> problem(LiveUrl url, EngineFacts engine) {
        String host = plain(url.host());
        if (host.startsWith("[")) {
            return Optional.of(url + " is an IPv6 address, and containers of the docker target listen on IPv4 only");
        }
        if (NUMERIC.matcher(host).matches() && !isIpv4(host)) {
            return Optional.of(url + " has a number for a host that is no IPv4 address of four parts");
        }
        if (host.equals(EVERYWHERE)) {
            return Optional.of(url + " is no address that can be called");
        }
        Optional<List<InetAddress>> asked = resolve(host);
        if (asked.isEmpty()) {
            return Optional.of("the host of " + url + " is not known here");
        }
        List<InetAddress> theirs = resolve(engine.host()).orElse(List.of());
        boolean here = theirs.stream().anyMatch(Hosts::isHere);
        boolean reaches = asked.get().stream()
                .filter(Inet4Address.class::isInstance)
                .anyMatch(address -> theirs.contains(address) || here && isHere(address));
        return reaches
                ? Optional.empty()
                : Optional.of(url + " is not an IPv4 address of the machine with the Docker Engine, which is "
                        + (here ? "this one" : engine.host()));
    }

    private static String plain(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }

    private static boolean isIpv4(String host) {
        String[] parts = host.split("\\.", -1);
        return parts.length == OCTETS
                && Arrays.stream(parts)
                        .allMatch(p -> OCTET.matcher(p).matches() && Integer.parseInt(p) <= LARGEST_OCTET);
    }

    private static Optional<List<InetAddress>> resolve(String host) {
        try {
            return Optional.of(List.of(InetAddress.getAllByName(host)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isHere(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
