package io.registry.server.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.server.flight.FlightRecorder;
import io.registry.server.http.CallWitness;
import io.registry.server.http.ops.FlightRoutes;
import io.registry.server.http.ops.OperatorCalls;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what records who did what. */
@Configuration(proxyBeanMethods = false)
public class FlightWiring {

    @Bean(destroyMethod = "")
    FlightRecorder flightRecorder(RegistryProperties properties, SystemClock clock, NodeThreads threads) {
        return new FlightRecorder(properties.flight(), clock::wallMillis, threads.recorder());
    }

    @Bean
    CallWitness callWitness(FlightRecorder recorder) {
        return new OperatorCalls(recorder);
    }

    @Bean
    FlightRoutes flightRoutes(FlightRecorder recorder) {
        return new FlightRoutes(recorder);
    }

    @Bean
    MeterBinder flightMeters(FlightRecorder recorder) {
        return meters -> {
            FunctionCounter.builder("registry.flight.recorder.entries", recorder, FlightRecorder::recorded)
                    .register(meters);
            recorder.dropped()
                    .forEach((reason, count) -> FunctionCounter.builder(
                                    "registry.flight.recorder.dropped", count, LongAdder::sum)
                            .tag("reason", reason)
                            .register(meters));
            Gauge.builder("registry.flight.recorder.waiting", recorder, FlightRecorder::waiting)
                    .register(meters);
            Gauge.builder("registry.flight.recorder.bytes", recorder, FlightRecorder::bytes)
                    .register(meters);
        };
    }
}
