package provider;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web application that registers itself, and tells its callers where it listens. */
@SpringBootApplication
public class Provider {

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ConfigurableApplicationContext context = SpringApplication.run(Provider.class, args);
        answers.println("ok");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            switch (line) {
                case "where" -> answers.println("ok " + context.getBean(Where.class).where());
                case "stop" -> {
                    context.close();
                    answers.println("ok");
                }
                default -> answers.println("failed unknown");
            }
        }
        Runtime.getRuntime().halt(0);
    }

    @Lazy
    @RestController
    static class Where {

        @Value("${local.server.port}")
        private int port;

        @GetMapping("/where")
        String where() {
            return "127.0.0.1:" + port;
        }
    }
}
