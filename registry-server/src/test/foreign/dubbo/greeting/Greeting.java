package greeting;

/** What is called over the network. */
public interface Greeting {

    /** Returns the name of the provider that answers. */
    String greet(String caller);
}
