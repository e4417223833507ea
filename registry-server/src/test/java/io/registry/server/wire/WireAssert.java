package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;

/** What is asserted of many answers. */
final class WireAssert {

    private WireAssert() {}

    /** The answer is of the type and a success; returns it. */
    static Message ok(String type, Message answer) {
        assertThat(answer.type()).as(answer.toString()).isEqualTo(type);
        assertThat(answer.resultCode()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /** The answer is of the type and refuses with the code; returns it. */
    static Message refused(String type, int errorCode, Message answer) {
        assertThat(answer.type()).as(answer.toString()).isEqualTo(type);
        assertThat(answer.resultCode()).as(answer.toString()).isNotEqualTo(200);
        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(errorCode);
        assertThat(answer.text("message")).as(answer.toString()).isNotEmpty();
        return answer;
    }
}
