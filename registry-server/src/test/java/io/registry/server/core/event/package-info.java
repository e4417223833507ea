/** Tests of events and of who has caused them. */
@NullMarked
package io.registry.server.core.event;

import org.jspecify.annotations.NullMarked;
