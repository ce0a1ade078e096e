/** A small service in Spring Boot, as real ones are: WebFlux, one jar, the requests' context, and a Prometheus endpoint. */
@NullMarked
package lox.examples.shop;

import org.jspecify.annotations.NullMarked;
