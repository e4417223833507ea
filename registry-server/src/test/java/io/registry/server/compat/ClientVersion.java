package io.registry.server.compat;

/** The released naming clients that the server is held against, and what each of them can do. */
enum ClientVersion {
    V1_4("1.4.8", Api.HTTP),
    V2_0("2.0.4", Api.GRPC),
    V2_1("2.1.2", Api.GRPC),
    V2_2("2.2.4", Api.BATCH),
    V2_3("2.3.2", Api.BATCH),
    V2_4("2.4.3", Api.DIFFERENCES),
    V2_5("2.5.1", Api.DIFFERENCES),
    V3_0("3.0.3", Api.FUZZY_WATCH),
    V3_1("3.1.1", Api.FUZZY_WATCH),
    V3_2("3.2.1-2026.03.30", Api.FUZZY_WATCH),

    /** Not a released client of others, but this project's own SDK as it is in this build. */
    SDK("", Api.FUZZY_WATCH);

    /** What the client's API offers; each step includes the ones before it. */
    private enum Api {
        HTTP,
        GRPC,
        BATCH,
        DIFFERENCES,
        FUZZY_WATCH
    }

    private final String artifactVersion;
    private final Api api;

    ClientVersion(String artifactVersion, Api api) {
        this.artifactVersion = artifactVersion;
        this.api = api;
    }

    String artifactVersion() {
        return artifactVersion;
    }

    boolean isSdk() {
        return this == SDK;
    }

    /** Whether the client beats and polls over HTTP instead of holding a connection. */
    boolean beats() {
        return api == Api.HTTP;
    }

    boolean batches() {
        return api.compareTo(Api.BATCH) >= 0;
    }

    boolean tellsDifferences() {
        return api.compareTo(Api.DIFFERENCES) >= 0;
    }

    boolean fuzzyWatches() {
        return api.compareTo(Api.FUZZY_WATCH) >= 0;
    }
}
