/**
 * Registration, discovery, health and meters of Spring Boot applications: configured by what is on the class path and in
 * properties.
 */
@NullMarked
package io.registry.spring;

import org.jspecify.annotations.NullMarked;
