/**
 * What holds back the loss of many instances at once. Knows what is published and what is lost, not how a service is
 * shown.
 */
@NullMarked
package io.registry.server.core.loss;

import org.jspecify.annotations.NullMarked;
