package consumer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestTemplate;

/** An application that finds the instances of a service, and calls one by the service's name. */
@SpringBootApplication
public class Consumer {

    @Bean
    @LoadBalanced
    RestTemplate balanced() {
        return new RestTemplate();
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ConfigurableApplicationContext context = SpringApplication.run(Consumer.class, args);
        DiscoveryClient discovery = context.getBean(DiscoveryClient.class);
        RestTemplate http = context.getBean(RestTemplate.class);
        answers.println("ok");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String service = line.substring(line.indexOf(' ') + 1);
            try {
                answers.println(
                        line.startsWith("instances ")
                                ? discovery.getInstances(service).stream()
                                        .map(i -> " " + i.getHost() + ":" + i.getPort())
                                        .sorted()
                                        .collect(Collectors.joining("", "ok", ""))
                                : "ok " + http.getForObject("http://" + service + "/where", String.class));
            } catch (RuntimeException e) {
                e.printStackTrace();
                answers.println("failed " + e.getClass().getSimpleName());
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
