import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * java -cp 'LIB/*' Cluster.java HOME PORTS NODES: a real OpenSearch on this machine, for tests.
 *
 * PORTS has a port for HTTP and one for transport of each node of the cluster: 9200,9300,9201,9301.
 * NODES are those that this process runs: 0,1,2. It prints "up", and ends when its standard input does.
 */
public class Cluster {
    static class TestNode extends Node {
        TestNode(Settings settings, Path home) {
            super(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home, () -> "localhost"),
                List.<Class<? extends Plugin>>of(Netty4Plugin.class),
                true
            );
        }
    }

    public static void main(String[] args) throws Exception {
        String[] ports = args[1].split(",");
        List<Node> nodes = new ArrayList<>();
        for (String number : args[2].split(",")) {  // built one by one: they share static fields
            nodes.add(build(Path.of(args[0], "n" + number), Integer.parseInt(number), ports));
        }
        List<Thread> threads = new ArrayList<>();
        for (Node node : nodes) {  // started side by side: they wait for each other
            threads.add(new Thread(() -> start(node)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("up");
        while (System.in.read() >= 0) {
        }
        Runtime.getRuntime().halt(0);
    }

    static Node build(Path home, int number, String[] ports) {
        List<String> seeds = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int node = 0; 2 * node < ports.length; node++) {
            seeds.add("127.0.0.1:" + ports[2 * node + 1]);
            names.add("n" + node);
        }
        home.resolve("config").toFile().mkdirs();
        Settings settings = Settings.builder()
            .put("cluster.name", "bot")
            .put("node.name", "n" + number)
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("network.host", "127.0.0.1")
            .put("http.port", ports[2 * number])
            .put("transport.port", ports[2 * number + 1])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("indices.breaker.total.use_real_memory", false)  // a small heap full of garbage is not full
            .putList("discovery.seed_hosts", seeds)
            .putList("cluster.initial_cluster_manager_nodes", names)
            .build();
        return new TestNode(settings, home);
    }

    static void start(Node node) {
        try {
            node.start();
        } catch (Exception error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }
}
