package io.registry.client.tls;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What connections are made with, of what the files hold now: a certificate that is replaced is used for the next
 * connection.
 *
 * <p><b>Threading</b>: any thread that may wait for files.
 */
public final class TlsContexts {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** Names no secret: the store is made in memory and never written. */
    private static final char[] UNPROTECTED = new char[0];

    /** Both contexts, and what the files held when they were made. */
    private record Made(List<byte[]> contents, SSLContext http, SslContext grpc) {}

    private final TlsFiles files;
    private volatile @Nullable Made made;

    /** Makes contexts of files, which are looked at when a connection is. */
    public TlsContexts(TlsFiles files) {
        this.files = files;
    }

    /**
     * Returns what makes sockets for calls over HTTP.
     *
     * @throws IOException where the files cannot be read or used; the message says which
     */
    public SSLSocketFactory http() throws IOException {
        return current().http().getSocketFactory();
    }

    /**
     * Returns what encrypts channels of gRPC.
     *
     * @throws IOException where the files cannot be read or used; the message says which
     */
    public SslContext grpc() throws IOException {
        return current().grpc();
    }

    private Made current() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : Arrays.asList(files.trust(), files.certificate(), files.key())) {
            contents.add(file == null ? new byte[0] : read(file));
        }
        Made present = made;
        if (present == null || !same(present.contents(), contents)) {
            present = make(contents);
            made = present;
        }
        return present;
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Made make(List<byte[]> contents) throws IOException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(files.trust() == null ? null : trusted(files.trust(), contents.get(0)));
            KeyManagerFactory keys = null;
            if (files.certificate() != null && files.key() != null) {
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own(files.certificate(), contents.get(1), files.key(), contents.get(2)), UNPROTECTED);
            }
            SSLContext http = SSLContext.getInstance("TLS");
            http.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            SslContextBuilder grpc = GrpcSslContexts.forClient().trustManager(trust);
            if (keys != null) {
                grpc.keyManager(keys);
            }
            return new Made(contents, http, grpc.build());
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("TLS: " + e + " (expected: a file that can be read)", e);
        }
    }

    private static KeyStore trusted(Path file, byte[] content) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file, content)) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        return store;
    }

    private static KeyStore own(Path certificateFile, byte[] certificate, Path keyFile, byte[] key)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        Certificate[] chain = certificates(certificateFile, certificate).toArray(Certificate[]::new);
        store.setKeyEntry(
                "own", privateKey(keyFile, key, chain[0].getPublicKey().getAlgorithm()), UNPROTECTED, chain);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file, byte[] content)
            throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> found =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
        if (found.isEmpty()) {
            throw new IOException("TLS: " + file + " (expected: certificates as PEM)");
        }
        return found;
    }

    private static PrivateKey privateKey(Path file, byte[] content, String algorithm)
            throws IOException, GeneralSecurityException {
        Matcher text = KEY.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (text.find()) {
            try {
                byte[] encoded = Base64.getMimeDecoder().decode(text.group(1));
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException | IllegalArgumentException e) {
                // Said below; what is in the file does not belong into a log.
            }
        }
        throw new IOException("TLS: " + file + " (expected: the private key of the certificate, as PEM in PKCS #8)");
    }
}
