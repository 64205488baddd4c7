package keymap

import "slices"

// Actions is the table: the rows of each scope are in the file of its name.
var Actions = slices.Concat(
	endpointsActions,
	requestActions,
	editingActions,
	fieldsActions,
	headersActions,
	signatureActions,
	responseActions,
	runsActions,
	diagnosisActions,
	compareActions,
	sheetActions,
	listsActions,
	globalActions,
)
