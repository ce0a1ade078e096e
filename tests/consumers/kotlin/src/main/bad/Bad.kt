package consumer

import lox.sync.Lox
import lox.sync.Workers

// Each line hands or takes a null where lox has none: Kotlin reads that from the annotations of JSpecify.
fun bad() {
    Workers.threads(2).named(null)
    Lox.thread<String, Int>(2) { it.length }.gather(null)
    val never: String = Lox.thread<String, String?>(2) { null }.gather(listOf("one"))[0]
    println(never)
}
