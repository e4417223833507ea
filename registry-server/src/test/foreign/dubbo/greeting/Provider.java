package greeting;

import java.io.PrintStream;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Serves the greeting. Arguments: the registry's address, the registration mode, and the name to answer with. */
public final class Provider {

    private Provider() {}

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ApplicationConfig application = new ApplicationConfig("greeter");
        application.setQosEnable(false);
        application.setRegisterMode(args[1]);
        RegistryConfig registry = new RegistryConfig("nacos://" + args[0]);
        registry.setUseAsConfigCenter(false);
        registry.setUseAsMetadataCenter(false);
        ServiceConfig<Greeting> service = new ServiceConfig<>();
        service.setInterface(Greeting.class);
        service.setRef(caller -> args[2]);
        DubboBootstrap dubbo = DubboBootstrap.getInstance()
                .application(application)
                .registry(registry)
                .protocol(new ProtocolConfig("dubbo", -1))
                .service(service)
                .start();
        answers.println("ok");
        for (int c = System.in.read(); c >= 0; c = System.in.read()) {
            // The only command there is, on one line: stop.
            if (c == '\n') {
                dubbo.stop();
                answers.println("ok");
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
