/** The programs as processes, against a server that is a process too, by the commands that the README shows. */
@NullMarked
package io.registry.example;

import org.jspecify.annotations.NullMarked;
