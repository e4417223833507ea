package io.registry.example.spring;

import io.registry.example.spring.greeter.GreeterApplication;
import io.registry.example.spring.visitor.VisitorApplication;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Runs the application that the first argument names; the others are settings of Spring Boot. */
public final class SpringExamples {

    private static final Map<String, Class<?>> APPLICATIONS =
            new TreeMap<>(Map.of("Greeter", GreeterApplication.class, "Visitor", VisitorApplication.class));

    private SpringExamples() {}

    /** Starts the application; it runs until Ctrl-C. */
    public static void main(String[] args) {
        String name = args.length == 0 ? "" : args[0];
        @Nullable Class<?> application = APPLICATIONS.get(name);
        if (application == null) {
            System.err.println(
                    "application: " + name + " (expected: " + String.join(" or ", APPLICATIONS.keySet()) + ")");
            System.exit(2);
            return;
        }
        new SpringApplicationBuilder(application)
                .properties("spring.application.name=spring-" + name.toLowerCase(Locale.ROOT))
                .run(Arrays.copyOfRange(args, 1, args.length));
    }
}
