package greeting;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Calls the greeting, once for each line it reads. Arguments: the registry's address, and the registration mode. */
public final class Consumer {

    private Consumer() {}

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        boolean byApplication = args[1].equals("instance");
        System.setProperty(
                "dubbo.application.service-discovery.migration",
                byApplication ? "FORCE_APPLICATION" : "FORCE_INTERFACE");
        ApplicationConfig application = new ApplicationConfig("asker");
        application.setQosEnable(false);
        RegistryConfig registry = new RegistryConfig("nacos://" + args[0]);
        registry.setUseAsConfigCenter(false);
        registry.setUseAsMetadataCenter(false);
        ReferenceConfig<Greeting> reference = new ReferenceConfig<>();
        reference.setInterface(Greeting.class);
        reference.setCheck(false);
        reference.setTimeout(5000);
        reference.setRetries(0);
        if (byApplication) {
            reference.setProvidedBy("greeter");
        }
        DubboBootstrap.getInstance()
                .application(application)
                .registry(registry)
                .reference(reference)
                .start();
        Greeting greeting = reference.get();
        answers.println("ok");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                answers.println("ok " + greeting.greet(line));
            } catch (RuntimeException e) {
                e.printStackTrace();
                answers.println("failed " + e.getClass().getSimpleName());
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
