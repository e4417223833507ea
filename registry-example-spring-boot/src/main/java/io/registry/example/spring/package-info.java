/** Chooses between the two applications of this jar, which know each other by name only. */
@NullMarked
package io.registry.example.spring;

import org.jspecify.annotations.NullMarked;
