/**
 * The program that runs inside a client's own process, and the words it exchanges with the test. Compiled once, against
 * the newest client API, and run with the jars of any client version; it may use only what all of them have, save in
 * classes that are loaded when asked for. Knows nothing of the server.
 */
@NullMarked
package io.registry.server.compat.driver;

import org.jspecify.annotations.NullMarked;
