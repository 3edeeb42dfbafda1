/** The API as others read it: one document, made of the table of routes and what is written about each. */
@NullMarked
package dev.sluice.gateway.openapi;

import org.jspecify.annotations.NullMarked;
