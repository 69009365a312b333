import type { Component } from 'vue'
import type { components } from '@/api/schema'
import type { Codec, Field, Options, Resource } from './fields'
import type { Collection } from './collection'

export interface ListColumn {
  name: string
  label: string
  show?: ((value: unknown, row: Resource) => string) | undefined
  options?: Options | undefined // the value is one of these
}

export interface Trial {
  words: string
  bad: boolean
}

/** What a page of the administration is made of, whoever says it: the schema, or somebody by hand. */
export interface Noun extends Partial<Collection>, Extras {
  name: string
  title: string
  one: string
  about: string
  columns: readonly ListColumn[]
  fields: readonly Field[]
  list: Collection['list']
}

/** What no schema says. */
export interface Extras {
  /** Where they depend on what is chosen. */
  fieldsFor?: (values: Record<string, unknown>) => readonly Field[]
  /** What is not meant to be sent is taken out. */
  tidy?: (values: Record<string, unknown>) => Record<string, unknown>
  /** More about one that is there, below its fields. */
  below?: Component
  removeWord?: string
  removable?: (row: Resource) => boolean
  /** Fields with a route of their own: read when the form opens, written after the rest. */
  sets?: readonly {
    field: Field
    read: (id: number) => Promise<unknown>
    write: (id: number, version: number, value: unknown) => Promise<unknown>
  }[]
  /** Settings that can be tried before they are saved, and how. */
  tries?: readonly string[]
  try?: (id: number, values: Record<string, unknown>) => Promise<Trial>
}

export type Schemas = components['schemas']

/** The properties of a schema, and with a dot those of an object in it: a word for what there is not does not compile. */
export type Names<T> = {
  [K in keyof T & string]:
    | K
    | (NonNullable<T[K]> extends readonly unknown[]
        ? never
        : NonNullable<T[K]> extends object
          ? `${K}.${keyof NonNullable<T[K]> & string}`
          : never)
}[keyof T & string]

/** What is said of a field otherwise than by its schema. */
export interface FieldWords {
  label?: string
  hint?: string
  example?: string
  /** Of an enumeration, in the order in which they are offered. */
  choices?: Readonly<Record<string, string>>
  kind?: Field['kind']
  /** Which collection it is chosen from, where the schema does not say what it refers to. */
  options?: string
  when?: (values: Record<string, unknown>) => boolean
  /** Where its schema says too little, or an empty one says something. */
  required?: boolean
  valid?: (value: unknown) => boolean
  initial?: unknown
  ordered?: boolean
  unique?: boolean
  narrow?: boolean
  /** Not shown; it stays as it is. */
  hidden?: boolean
  codec?: Codec
  /** Of its lines. */
  columns?: Readonly<Record<string, FieldWords>>
}

type WordsOfColumn<Name extends string> = Omit<ListColumn, 'name' | 'label'> & { name: Name; label?: string }

/** What is said of a noun otherwise than by its schema. */
export interface AnyWords extends Extras {
  title?: string
  one?: string
  about?: string
  columns?: readonly WordsOfColumn<string>[]
  /** The fields in their order under their headings. What stands in none comes last: nothing is lost. */
  groups?: readonly (readonly [heading: string, names: readonly string[]])[]
  fields?: Readonly<Record<string, FieldWords | undefined>>
}

/** The same, checked. `T`: the schema; `Own`: its fields with a route of their own. */
export interface NounWords<T, Own extends string = never> extends Omit<
  AnyWords,
  'columns' | 'groups' | 'fields'
> {
  columns?: readonly WordsOfColumn<keyof T & string>[]
  groups?: readonly (readonly [heading: string, names: readonly (Names<T> | Own)[]])[]
  fields?: Partial<Record<Names<T>, FieldWords>>
}
