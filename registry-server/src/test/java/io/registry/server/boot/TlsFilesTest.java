package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificates and keys are taken, before any port has to find out. */
class TlsFilesTest {

    @TempDir
    private Path directory;

    private TlsFiles files(TestCertificates.Pair pair) {
        return new TlsFiles(new TlsSettings(
                true,
                TlsSettings.Port.REQUIRED,
                TlsSettings.Cluster.OFF,
                pair.certificate(),
                pair.key(),
                null,
                null,
                false,
                Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @CsvSource({"EC, -groupname, secp256r1", "RSA, -keysize, 2048"})
    void keysThatEveryPortCanUseAreTaken(String algorithm, String option, String size) throws IOException {
        TlsFiles files = files(TestCertificates.in(directory).issue("own", algorithm, option, size));

        assertThat(files.readChanged()).isNotNull();
        assertThat(files.isUsable()).isTrue();
        assertThat(files.readChanged()).as("the same again").isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "EdDSA, -groupname, Ed25519, EdDSA",
        "RSA, -keysize, 1024, RSA of 1024 bits",
    })
    void othersAreRefusedByName(String algorithm, String option, String size, String named) {
        TlsFiles files = files(TestCertificates.in(directory).issue("own", algorithm, option, size));

        assertThatThrownBy(files::readChanged)
                .isInstanceOf(IOException.class)
                .hasMessage("registry.tls.private-key: " + named + " (expected: EC, or RSA of at least 2048 bits)");
        assertThat(files.isUsable()).isFalse();
    }

    /** What was read and could not be taken into use is tried again, and is not said to be of use meanwhile. */
    @Test
    void whatIsForgottenIsReadAgain() throws IOException {
        TlsFiles files = files(TestCertificates.in(directory).issue("own"));
        files.readChanged();

        files.forget();

        assertThat(files.isUsable()).isFalse();
        assertThat(files.readChanged()).isNotNull();
    }
}
