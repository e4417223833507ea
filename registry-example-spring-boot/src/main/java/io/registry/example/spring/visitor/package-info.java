/** The application {@code spring-visitor}: calls the greeters by their service's name, and counts what fails. */
@NullMarked
package io.registry.example.spring.visitor;

import org.jspecify.annotations.NullMarked;
