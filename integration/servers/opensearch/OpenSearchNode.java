import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.ExtensiblePlugin;
import org.opensearch.plugins.Plugin;

/** One OpenSearch node on the loopback address, with the modules of the class path. Arguments: PORT FOLDER. */
public final class OpenSearchNode {

    private static final List<String> MODULES = List.of(
        "org.opensearch.transport.Netty4Plugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
        "org.opensearch.index.mapper.MapperExtrasPlugin",
        "org.opensearch.index.reindex.ReindexPlugin",
        "org.opensearch.ingest.common.IngestCommonPlugin",
        "org.opensearch.painless.PainlessPlugin",
        "org.opensearch.join.ParentJoinPlugin");

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
        List<Class<? extends Plugin>> plugins = new ArrayList<>();
        for (String module : MODULES) {
            plugins.add(Class.forName(module).asSubclass(Plugin.class));
        }
        allowScriptsOfTheModules();
        Node node = new LocalNode(
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"), plugins);
        runUntilStopped(node);
    }

    /** Modules on the class path do not announce to Painless what scripts may call. */
    private static void allowScriptsOfTheModules() {
        new PainlessPlugin().loadExtensions(new ExtensiblePlugin.ExtensionLoader() {
            @Override
            public <T> List<T> loadExtensions(Class<T> type) {
                return ServiceLoader.load(type).stream().map(ServiceLoader.Provider::get).toList();
            }
        });
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
