package io.registry.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** An authority of a test's own, and the certificates that it signs, made by the JDK's keytool as files of PEM. */
public final class TestCertificates {

    private static final String PASSWORD = "of-the-test";
    private static final String AUTHORITY = "ca";
    private static final String[] ELLIPTIC = {"EC", "-groupname", "secp256r1"};

    private final Path directory;

    private TestCertificates(Path directory) {
        this.directory = directory;
    }

    /**
     * A certificate and its key.
     *
     * @param certificate the file with the certificate, followed by that of the authority
     * @param key the file with the private key
     */
    public record Pair(Path certificate, Path key) {

        /**
         * Returns what speaks with it.
         *
         * @param authority the file with the only authority that is trusted; null where it is the JDK's
         */
        SslManagerBundle managers(@Nullable Path authority) {
            try {
                PemSslStoreDetails keys = PemSslStoreDetails.forCertificate(Files.readString(certificate))
                        .withPrivateKey(Files.readString(key));
                PemSslStoreDetails trust =
                        authority == null ? null : PemSslStoreDetails.forCertificate(Files.readString(authority));
                return SslBundle.of(new PemSslStoreBundle(keys, trust)).getManagers();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes an authority whose files are in a directory, which has to be there. */
    public static TestCertificates in(Path directory) {
        TestCertificates made = new TestCertificates(directory);
        made.generate(AUTHORITY, ELLIPTIC, "-dname", "CN=Test", "-ext", "bc:c");
        made.write(AUTHORITY);
        return made;
    }

    /** Makes an authority in a directory, and returns what speaks with a certificate of it and takes no other. */
    public static SslManagerBundle managers(Path directory) {
        TestCertificates certificates = in(directory);
        return certificates.issue("member").managers(certificates.authority());
    }

    /** Returns the file with the authority's certificate. */
    public Path authority() {
        return directory.resolve(AUTHORITY + ".pem");
    }

    /** Makes a certificate for 127.0.0.1 and localhost. */
    public Pair issue(String name) {
        return issue(name, ELLIPTIC);
    }

    /**
     * Makes one with a key of another kind.
     *
     * @param algorithm the kind, as keytool has it after {@code -keyalg}, and the options that go with it
     */
    public Pair issue(String name, String... algorithm) {
        generate(
                name,
                algorithm,
                "-signer",
                AUTHORITY,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        return write(name);
    }

    private Pair write(String name) {
        try {
            KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : store.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
            return new Pair(
                    Files.writeString(directory.resolve(name + ".pem"), chain),
                    Files.writeString(directory.resolve(name + ".key"), pem("PRIVATE KEY", key)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    private Path store() {
        return directory.resolve("store.p12");
    }

    private void generate(String name, String[] algorithm, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", name, "-keystore", store().toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-validity", "2", "-keyalg"));
        command.addAll(List.of(algorithm));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("keytool.out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
