// What the tests ask of a Kafka broker, on Kafka's own client: java Admin BOOTSTRAP COMMAND ...
//   create TOPIC PARTITIONS [k=v...]   create a topic, wait for its leaders
//   grow TOPIC PARTITIONS              more partitions
//   delete TOPIC                       delete it, wait until it is gone
//   truncate TOPIC OFFSET              forget the records of partition 0 before OFFSET
//   describe                           topics with their numbers of partitions
//   feed TOPIC                         produce lines "partition<TAB>key<TAB>value" of stdin (an empty
//                                      partition: by the key; an empty key: null); ends when all
//                                      are acknowledged
//   dump TOPIC                         print "partition<TAB>offset<TAB>key<TAB>value" of all records
//   txn TOPIC COMMIT ABORT OPEN        COMMIT records committed, ABORT aborted, OPEN left hanging
//   shell                              commands from stdin, one a line; "." ends what each prints;
//                                      feed TOPIC COUNT is followed by COUNT lines
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.*;

public class Admin {
  public static void main(String[] a) throws Exception {
    Properties p = new Properties();
    p.put("bootstrap.servers", a[0]);
    p.put("request.timeout.ms", "10000");
    p.put("default.api.timeout.ms", "30000");
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (a[1].equals("shell")) {
      shell(p, a[0], input);
    } else {
      run(p, a, input);
    }
    System.exit(0);
  }

  static void shell(Properties p, String servers, BufferedReader input) throws Exception {
    for (String line; (line = input.readLine()) != null; ) {
      try {
        run((Properties) p.clone(), (servers + " " + line).split(" "), input);
      } catch (Exception e) {
        e.printStackTrace();
        System.exit(1);
      }
      System.out.println(".");
      System.out.flush();
    }
  }

  static void run(Properties p, String[] a, BufferedReader input) throws Exception {
    switch (a[1]) {
      case "create" -> create(p, a);
      case "grow" -> grow(p, a[2], Integer.parseInt(a[3]));
      case "delete" -> delete(p, a[2]);
      case "truncate" -> truncate(p, a[2], Long.parseLong(a[3]));
      case "describe" -> describe(p);
      case "feed" -> feed(p, a[2], input, a.length > 3 ? Long.parseLong(a[3]) : Long.MAX_VALUE);
      case "dump" -> dump(p, a[2]);
      case "txn" -> transactions(p, a);
      default -> throw new IllegalArgumentException(a[1]);
    }
  }

  static void create(Properties p, String[] a) throws Exception {
    Map<String, String> settings = new HashMap<>();
    for (int i = 4; i < a.length; i++) settings.put(a[i].split("=", 2)[0], a[i].split("=", 2)[1]);
    int partitions = Integer.parseInt(a[3]);
    try (var admin = AdminClient.create(p)) {
      var topic = new NewTopic(a[2], Optional.of(partitions), Optional.empty()).configs(settings);
      admin.createTopics(List.of(topic)).all().get();
      awaitLeaders(admin, a[2], partitions);
    }
  }

  static void grow(Properties p, String topic, int partitions) throws Exception {
    try (var admin = AdminClient.create(p)) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
      awaitLeaders(admin, topic, partitions);
    }
  }

  static void awaitLeaders(AdminClient admin, String topic, int partitions) throws Exception {
    for (int i = 0; i < 200; i++) {
      try {
        var found = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        var all = found.partitions();
        if (all.size() >= partitions && all.stream().allMatch(x -> x.leader() != null)) return;
      } catch (ExecutionException e) {
        // not known everywhere yet
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("no leader for " + topic);
  }

  static void delete(Properties p, String topic) throws Exception {
    try (var admin = AdminClient.create(p)) {
      admin.deleteTopics(List.of(topic)).all().get();
      for (int i = 0; i < 200 && admin.listTopics().names().get().contains(topic); i++) {
        Thread.sleep(50);
      }
    }
  }

  static void truncate(Properties p, String topic, long offset) throws Exception {
    try (var admin = AdminClient.create(p)) {
      var partition = new TopicPartition(topic, 0);
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
    }
  }

  static void describe(Properties p) throws Exception {
    try (var admin = AdminClient.create(p)) {
      admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get()
          .forEach((name, topic) -> System.out.println(name + " " + topic.partitions().size()));
    }
  }

  static void feed(Properties p, String topic, BufferedReader input, long count) throws Exception {
    p.put("key.serializer", StringSerializer.class.getName());
    p.put("value.serializer", StringSerializer.class.getName());
    p.put("acks", "all");
    p.put("linger.ms", "0");
    try (var producer = new KafkaProducer<String, String>(p)) {
      for (long i = 0; i < count; i++) {
        String line = input.readLine();
        if (line == null) break;
        String[] part = line.split("\t", 3);
        Integer partition = part[0].isEmpty() ? null : Integer.valueOf(part[0]);
        String key = part[1].isEmpty() ? null : part[1];
        producer.send(new ProducerRecord<>(topic, partition, key, part[2]), (done, failed) -> {
          if (failed == null) return;
          failed.printStackTrace();
          System.exit(1);
        });
      }
      producer.flush();
    }
  }

  static void dump(Properties p, String topic) throws Exception {
    p.put("key.deserializer", StringDeserializer.class.getName());
    p.put("value.deserializer", StringDeserializer.class.getName());
    p.put("isolation.level", "read_committed");
    try (var consumer = new KafkaConsumer<String, String>(p)) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
          .map(i -> new TopicPartition(topic, i.partition())).collect(Collectors.toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
      while (partitions.stream().anyMatch(t -> consumer.position(t) < ends.get(t))) {
        for (var r : consumer.poll(Duration.ofMillis(200))) {
          out.println(r.partition() + "\t" + r.offset() + "\t" + r.key() + "\t" + r.value());
        }
      }
      out.flush();
    }
  }

  static void transactions(Properties p, String[] a) throws Exception {
    p.put("key.serializer", StringSerializer.class.getName());
    p.put("value.serializer", StringSerializer.class.getName());
    p.put("transactional.id", "admin-" + UUID.randomUUID());
    var producer = new KafkaProducer<String, String>(p);
    producer.initTransactions();
    String[] kind = {"committed", "aborted", "open"};
    for (int k = 0; k < 3; k++) {
      int count = Integer.parseInt(a[3 + k]);
      if (count == 0) continue;
      producer.beginTransaction();
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>(a[2], kind[k] + i, kind[k]));
      }
      producer.flush();
      if (k == 0) producer.commitTransaction();
      if (k == 1) producer.abortTransaction();
    }
    // What is open stays open: the process ends without closing the producer.
  }
}
