package io.registry.server.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

/**
 * Reads certificates and keys, and notices when they are other ones.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class TlsFiles {

    /** A chain of certificates, and the bundle of the same. */
    record Loaded(List<X509Certificate> chain, SslBundle bundle) {}

    private static final int RSA_BITS_MIN = 2048;

    private final TlsSettings settings;
    private List<byte[]> seen = List.of();
    private boolean usable;

    TlsFiles(TlsSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the files.
     *
     * @return null where they hold what they held the last time, whether or not that was of use
     * @throws IOException where they cannot be read, or hold nothing that can be used; the message says which
     */
    @Nullable
    Loaded readChanged() throws IOException {
        Path certificate = Objects.requireNonNull(settings.certificate());
        Path key = Objects.requireNonNull(settings.privateKey());
        List<byte[]> contents = new ArrayList<>(
                List.of(bytes(TlsSettings.CERTIFICATE, certificate), bytes(TlsSettings.PRIVATE_KEY, key)));
        if (settings.trustCertificate() != null) {
            contents.add(bytes(TlsSettings.TRUST_CERTIFICATE, settings.trustCertificate()));
        }
        if (same(contents, seen)) {
            return null;
        }
        seen = contents;
        usable = false;
        List<X509Certificate> chain = certificates(TlsSettings.CERTIFICATE, certificate, contents.get(0));
        PrivateKey privateKey = privateKey(key, contents.get(1));
        checkPair(chain.get(0).getPublicKey(), privateKey);
        PemSslStore trust = null;
        if (settings.trustCertificate() != null) {
            trust = PemSslStore.of(
                    certificates(TlsSettings.TRUST_CERTIFICATE, settings.trustCertificate(), contents.get(2)), null);
        }
        SslBundle bundle = SslBundle.of(new PemSslStoreBundle(PemSslStore.of(chain, privateKey), trust));
        usable = true;
        return new Loaded(chain, bundle);
    }

    /** Returns whether what they held the last time they could be read is of use. */
    boolean isUsable() {
        return usable;
    }

    /** Has them read again, though they hold the same: what they held could not be taken into use. */
    void forget() {
        seen = List.of();
        usable = false;
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String name, Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException(name + ": " + e + " (expected: a file that can be read)", e);
        }
    }

    private static PemContent pem(byte[] content) {
        return PemContent.of(new String(content, StandardCharsets.ISO_8859_1));
    }

    private static List<X509Certificate> certificates(String name, Path file, byte[] content) throws IOException {
        try {
            List<X509Certificate> certificates = pem(content).getCertificates();
            if (certificates != null && !certificates.isEmpty()) {
                return certificates;
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            // Said below; what is in the file does not belong into a log.
        }
        throw new IOException(name + ": " + file + " (expected: certificates as PEM)");
    }

    private PrivateKey privateKey(Path file, byte[] content) throws IOException {
        try {
            PrivateKey key = pem(content).getPrivateKey(settings.privateKeyPassword());
            if (key != null) {
                return key;
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            // Said below; what is in the file does not belong into a log.
        }
        throw new IOException(TlsSettings.PRIVATE_KEY + ": " + file
                + " (expected: a private key as PEM, with registry.tls.private-key-password where it is encrypted)");
    }

    /** Of two files that are replaced one after the other, a look may see one of each. */
    private static void checkPair(PublicKey certified, PrivateKey key) throws IOException {
        String algorithm = signatureBy(key);
        byte[] anything = {1, 2, 3};
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(anything);
            byte[] signature = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certified);
            checking.update(anything);
            if (checking.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // Keys of two kinds, which are no pair either.
        }
        throw new IOException(
                TlsSettings.PRIVATE_KEY + ": not the key of " + TlsSettings.CERTIFICATE + " (expected: its key)");
    }

    /** Not every port can use every kind: that of gRPC knows no Ed25519, and none takes a short RSA key. */
    private static String signatureBy(PrivateKey key) throws IOException {
        if (key.getAlgorithm().equals("EC")) {
            return "SHA256withECDSA";
        }
        int bits = key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
        if (key.getAlgorithm().equals("RSA") && bits >= RSA_BITS_MIN) {
            return "SHA256withRSA";
        }
        throw new IOException(
                TlsSettings.PRIVATE_KEY + ": " + key.getAlgorithm() + (bits > 0 ? " of " + bits + " bits" : "")
                        + " (expected: EC, or RSA of at least " + RSA_BITS_MIN + " bits)");
    }
}
