/**
 * What the HTTP protocols have in common: parameters, the table of routes, answers, refusals and their forms. Parses and
 * answers only; knows no servlet but {@link io.registry.server.http.NamingServlet}, and nothing of the state of the
 * registry.
 */
@NullMarked
package io.registry.server.http;

import org.jspecify.annotations.NullMarked;
