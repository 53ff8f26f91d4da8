//! Multiply matrices as pure Python does: an interpreter takes one instruction after another, and every
//! one of them needs the lock.

use super::matrices::{MAX_SIZE, Operands, Product};
use super::{Partial, Progress, Steps, UnderLock, Workload, sha256};
use crate::experiment::Experiment;

pub static INFO: Workload = Workload {
    id: "matrix-multiply",
    about: "multiplies matrices of whole numbers instruction by instruction: pure Python",
    under_lock: UnderLock::Computes,
    size_unit: "rows and columns a matrix",
    default_size: 128,
    default_tasks: 4,
    python: Some(1),
    max_size: |_| MAX_SIZE,
    size_because: "two such matrices take 16 MiB already",
    start: |experiment, task, _| Box::new(Machine::of(experiment, task)),
    merge: |_: &Experiment, partials: &[Partial]| sha256::answer(partials),
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

/// An instruction of a stack machine: it takes its operands from the top of the stack and leaves its
/// result there, as CPython's do.
#[derive(Clone, Copy)]
enum Instruction {
    Constant(i64),
    Load(Variable),
    Store(Variable),
    Add,
    Multiply,
    /// Take a column and a row, give that entry of the left matrix.
    Left,
    /// The same of the right matrix.
    Right,
    /// Take a number and append it to the row of the product.
    Append,
    /// The row of the product is complete.
    EndRow,
    /// Count a variable up to the size of the matrices; from there on skip so many instructions.
    CountOrSkip(Variable, usize),
    /// Go so many instructions back.
    Back(usize),
}

#[derive(Clone, Copy)]
enum Variable {
    Row,
    Column,
    Inner,
    Total,
}

struct Machine {
    operands: Operands,
    program: Vec<Instruction>,
    /// Where in the program it is.
    next: usize,
    stack: Vec<i64>,
    variables: [i64; 4],
    /// What it has of the product's current row.
    row: Vec<i64>,
    product: Product,
}

impl Machine {
    fn of(experiment: &Experiment, task: u32) -> Self {
        Self {
            operands: Operands::of(experiment, task),
            program: program(),
            next: 0,
            stack: Vec::new(),
            variables: [0; 4],
            row: Vec::new(),
            product: Product::default(),
        }
    }

    fn pop(&mut self) -> i64 {
        self.stack.pop().expect("the program puts before it takes")
    }

    fn pop_index(&mut self) -> usize {
        self.pop().try_into().expect("an index is not negative")
    }

    fn execute(&mut self, instruction: Instruction) {
        match instruction {
            Instruction::Constant(number) => self.stack.push(number),
            Instruction::Load(variable) => self.stack.push(self.variables[variable as usize]),
            Instruction::Store(variable) => self.variables[variable as usize] = self.pop(),
            Instruction::Add => {
                let sum = self.pop() + self.pop();
                self.stack.push(sum);
            }
            Instruction::Multiply => {
                let product = self.pop() * self.pop();
                self.stack.push(product);
            }
            Instruction::Left => {
                let (column, row) = (self.pop_index(), self.pop_index());
                self.stack.push(self.operands.left[row][column]);
            }
            Instruction::Right => {
                let (column, row) = (self.pop_index(), self.pop_index());
                self.stack.push(self.operands.right[row][column]);
            }
            Instruction::Append => {
                let number = self.pop();
                self.row.push(number);
            }
            Instruction::EndRow => {
                self.product.push(&self.row);
                self.row.clear();
            }
            Instruction::CountOrSkip(variable, instructions) => {
                let count = &mut self.variables[variable as usize];
                *count += 1;
                if usize::try_from(*count).is_ok_and(|count| count >= self.operands.size) {
                    self.next += instructions;
                }
            }
            Instruction::Back(instructions) => self.next -= instructions,
        }
    }
}

impl Steps for Machine {
    const QUANTUM: u32 = 512;

    fn step(&mut self) -> Progress {
        if !self.operands.are_drawn() {
            self.operands.draw();
            return Progress::More;
        }
        // Up to the next jump back, as CPython since 3.10: 14 instructions, 0.06 us.
        loop {
            let Some(&instruction) = self.program.get(self.next) else {
                return Progress::Done(self.product.partial());
            };
            self.next += 1;
            self.execute(instruction);
            if let Instruction::Back(_) = instruction {
                return Progress::More;
            }
        }
    }
}

/// For every row and column, add up the products of the entries that meet there.
fn program() -> Vec<Instruction> {
    use Instruction::{Add, Append, Constant, EndRow, Left, Load, Multiply, Right, Store};
    use Variable::{Column, Inner, Row, Total};

    let left = [Load(Row), Load(Inner), Left];
    let right = [Load(Inner), Load(Column), Right];
    let term = [&[Load(Total)], &left[..], &right, &[Multiply, Add, Store(Total)]].concat();
    let entry = [&[Constant(0), Store(Total)], &for_each(Inner, &term)[..], &[Load(Total), Append]].concat();
    let row = [for_each(Column, &entry), vec![EndRow]].concat();
    for_each(Row, &row)
}

/// Do `body` for every index of the matrices.
fn for_each(index: Variable, body: &[Instruction]) -> Vec<Instruction> {
    use Instruction::{Back, Constant, CountOrSkip, Store};
    let start = [Constant(-1), Store(index), CountOrSkip(index, body.len() + 1)];
    [&start, body, &[Back(body.len() + 2)]].concat()
}

#[cfg(test)]
mod tests {
    use super::super::matrices::tests::product;
    use super::super::{run_bare, tests::small};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_machine_ends_with_nothing_on_its_stack() {
        let mut machine = Machine::of(&small("matrix-multiply", 20, 1), 0);
        while machine.step() == Progress::More {}
        assert!(machine.stack.is_empty() && machine.row.is_empty());
        assert_eq!(machine.next, machine.program.len());
    }

    proptest! {
        #[test]
        fn a_task_is_the_product_of_its_matrices(size in 1u32..16, task in 0u32..4) {
            let experiment = small("matrix-multiply", size, 4);
            prop_assert_eq!(run_bare(&INFO, &experiment, task, |_| ()), product(&experiment, task));
        }
    }
}
