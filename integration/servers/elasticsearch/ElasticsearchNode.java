import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.mapper.MapperExtrasPlugin;
import org.elasticsearch.join.ParentJoinPlugin;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.reindex.ReindexPlugin;
import org.elasticsearch.transport.Netty4Plugin;

/** One Elasticsearch node on the loopback address, with the modules of the class path. Arguments: PORT FOLDER. */
public final class ElasticsearchNode {

    /** Which plugins a node has can only be said by a subclass. */
    private static final class LocalNode extends Node {
        LocalNode(Environment environment, Collection<Class<? extends Plugin>> plugins) {
            super(environment, plugins, true);
        }
    }

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[1]).toAbsolutePath();
        Files.createDirectories(home.resolve("config"));
        Settings settings = Settings.builder()
            .put("cluster.name", "bartizan-test")
            .put("node.name", "one")
            .put("path.home", home.toString())
            .put("network.host", "127.0.0.1")
            .put("http.port", args[0])
            .put("http.type", "netty4")
            .put("transport.port", "0")
            .put("transport.type", "netty4")
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Node node = new LocalNode(
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"),
            List.of(Netty4Plugin.class, MapperExtrasPlugin.class, ReindexPlugin.class, ParentJoinPlugin.class));
        runUntilStopped(node);
    }

    private static void runUntilStopped(Node node) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(10, TimeUnit.SECONDS);
            } catch (Exception error) {
                System.err.println(error);
            }
            stopped.countDown();
        }));
        node.start();
        System.out.println("READY");
        stopped.await();
    }
}
