package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;

/** The object in which pages are shown by v3 and of accounts, and the words in which they are refused. */
public final class PageBody {

    private PageBody() {}

    /** Returns a number that, if it is there, must be positive. */
    public static int positive(FormParams params, String name, int otherwise) {
        int value = params.integer(name, otherwise);
        if (value < 1) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "Required parameter '" + name + "' should be positive integer, current is " + value);
        }
        return value;
    }

    /** Begins a page; its items follow. */
    public static Utf8Json begin(int total, int page, int size) {
        return new Utf8Json(1024)
                .beginObject()
                .field("totalCount", total)
                .field("pageNumber", page)
                .field("pagesAvailable", (total + size - 1) / size)
                .name("pageItems")
                .beginArray();
    }

    /** Ends a page. */
    public static Utf8Json end(Utf8Json body) {
        return body.endArray().endObject();
    }

    /** Returns the refusal of a list of something that is not there: status 404, but the code of a failure. */
    public static Refused notFound(String text) {
        return new Refused(Envelope.error(404, Envelope.Code.SERVER_ERROR, text));
    }
}
