/** Tests of the bytes of persistent state. */
package io.registry.server.core.encoding;
