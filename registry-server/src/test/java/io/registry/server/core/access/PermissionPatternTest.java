package io.registry.server.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionPatternTest {

    /** The resources that were recorded, and what they have to mean; {@code -} stands for a part that is all there is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :*:*               | public | G   | svc          | true
            public:*:*         | public | G   | svc          | true
            public:*:naming/*  | public | G   | svc          | true
            public:*:naming/*  | public | *   | *            | true
            dev:*:*            | public | G   | svc          | false
            dev:*              | dev    | G   | svc          | true
            *                  | dev    | G   | svc          | true
            *:*:*              | dev    | G   | svc          | true
            dev:G:naming/svc   | dev    | G   | svc          | true
            dev:G:naming/svc   | dev    | G   | *            | false
            dev:G:naming/svc*  | dev    | G   | svc-2        | true
            dev:G:naming/svc*  | dev    | G   | *            | false
            dev:a:b:naming/svc | dev    | a:b | svc          | true
            dev:a:b:svc        | dev    | a:b | svc          | true
            dev:*:naming/x     | dev    | G   | y:naming/x   | false
            dev:*:config/*     | dev    | G   | svc          | false
            dev:*:*/*          | dev    | G   | svc          | true
            """)
    void aResourceMeansWhatItsPartsMean(
            String pattern, String namespace, String group, String service, boolean allowed) {
        PermissionPattern permission = PermissionPattern.of(pattern, "r");

        assertThat(permission.allows(Verb.DISCOVER, new Resource(namespace, group, service)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r                 | false | true  | false
            w                 | true  | false | true
            rw                | true  | true  | true
            register          | true  | false | false
            register,discover | true  | true  | false
            operate           | false | false | true
            """)
    void anActionStandsForVerbs(String action, boolean register, boolean discover, boolean operate) {
        PermissionPattern permission = PermissionPattern.of("*:*:*", action);

        assertThat(permission.allows(Verb.REGISTER, Resource.EVERYTHING)).isEqualTo(register);
        assertThat(permission.allows(Verb.DISCOVER, Resource.EVERYTHING)).isEqualTo(discover);
        assertThat(permission.allows(Verb.OPERATE, Resource.EVERYTHING)).isEqualTo(operate);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r                          | r
            w                          | w
            rw                         | rw
            r,r,r                      | r
            discover                   | r
            r, w                       | rw
            operate,register           | w
            register                   | register
            operate,r                  | discover,operate
            operate,register,discover  | rw
            """)
    void ofTheFormsOfAnActionThereIsAPlainOne(String action, String plain) {
        assertThat(PermissionPattern.plainAction(action)).isEqualTo(plain);
    }

    @Test
    void anActionThatGoesOnAndOnIsRefused() {
        assertThatThrownBy(() -> PermissionPattern.of("*:*:*", "r" + ",r".repeat(500)))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("action: 1001 characters (expected: r, w, rw,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"console/users", "dev", "dev:G", ""})
    void aMalformedResourceIsRefused(String resource) {
        assertThatThrownBy(() -> PermissionPattern.of(resource, "r"))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("resource: " + resource + " (expected: namespace:group:naming/service");
    }

    @Test
    void anUnknownActionIsRefused() {
        assertThatThrownBy(() -> PermissionPattern.of("*:*:*", "x"))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("action: x (expected: r, w, rw,");
    }
}
