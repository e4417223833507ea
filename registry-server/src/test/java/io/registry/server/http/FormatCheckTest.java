package io.registry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FormatCheckTest {

    private static void check(String path, String query, Dialect dialect) {
        FormatCheck.check(
                new HttpCall("GET", path, HttpParams.parse(query, new byte[0]), name -> null, "127.0.0.1"), dialect);
    }

    private static void refused(String query, String text) {
        assertThatThrownBy(() -> check("/v1/ns/instance", query, Dialect.NAMING_V1))
                .as(query)
                .isInstanceOfSatisfying(
                        Refused.class,
                        e -> assertThat(e.answer())
                                .extracting(Answer::status, Answer::contentType, Answer::noCache, Answer::body)
                                .containsExactly(400, null, true, text + "\r\n"));
    }

    @Test
    void eachParameterIsRefusedInItsWords() {
        String illegal = "illegal characters should not appear in the param.";
        refused("namespaceId=bad%21ns", "Param 'namespaceId/tenant' is illegal, " + illegal);
        refused("serviceName=a%20b", "Param 'serviceName' is illegal, " + illegal);
        refused("serviceName=a@@b@@c", "Param 'serviceName' is illegal, " + illegal);
        refused(
                "serviceName=" + "x".repeat(513),
                "Param 'serviceName' is illegal, the param length should not exceed 512.");
        refused("serviceName=a%00b", "Param 'serviceName' is illegal, " + illegal);
        refused("groupName=*", "Param 'group' is illegal, " + illegal);
        refused("serviceName=bad%20group@@s", "Param 'group' is illegal, " + illegal);
        refused("clusterName=bad.cluster", "Param 'cluster' is illegal, " + illegal);
        refused("clusters=a,b.c", "Param 'cluster' is illegal, " + illegal);
        refused("ip=%2010.0.0.1", "Param 'ip' is illegal, " + illegal);
        refused("port=%2080%20", "Param 'port' is illegal, the value should be between 0 and 65535.");
        refused("port=65536", "Param 'port' is illegal, the value should be between 0 and 65535.");
    }

    @Test
    void theGroupBeforeTheNameWinsOverTheParameter() {
        assertThatCode(() -> check("/v1/ns/instance", "serviceName=g@@s&groupName=*", Dialect.NAMING_V1))
                .doesNotThrowAnyException();
    }

    @Test
    void blankValuesPass() {
        assertThatCode(() -> check(
                        "/v1/ns/instance",
                        "namespaceId=&serviceName=%20&groupName=&clusterName=&clusters=%20&ip=&port=",
                        Dialect.NAMING_V1))
                .doesNotThrowAnyException();
    }

    @Test
    void namesOfNamespacesAreLookedAtWhereTheyMeanSomething() {
        assertThatCode(() -> check("/v1/ns/instance", "namespaceName=a@b", Dialect.NAMING_V1))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check("/v1/console/namespaces", "namespaceName=a@b", Dialect.CONSOLE_V1))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> check("/v1/console/namespaces", "customNamespaceId=a%20b", Dialect.CONSOLE_V1))
                .isInstanceOf(Refused.class);
    }
}
