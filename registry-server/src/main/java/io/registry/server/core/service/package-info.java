/**
 * What each service looks like: the index over all publications, its immutable views and their bytes.
 */
@NullMarked
package io.registry.server.core.service;

import org.jspecify.annotations.NullMarked;
