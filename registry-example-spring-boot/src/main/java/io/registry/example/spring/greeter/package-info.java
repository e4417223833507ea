/** The application {@code spring-greeter}: greets, and asks the one who visits for a name. */
@NullMarked
package io.registry.example.spring.greeter;

import org.jspecify.annotations.NullMarked;
